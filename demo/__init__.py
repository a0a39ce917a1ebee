"""The demo firm: readable files, and the code that brings them to life through the product's own actions."""

"""People and who they are: users, clients, branches, teams, roles, skills, and what they may see.

Holds no portal pages.
"""

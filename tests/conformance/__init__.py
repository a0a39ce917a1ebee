"""What the standard says of each element, played: NAME.bpmn and NAME.steps.json in a folder for each element."""

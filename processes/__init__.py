"""BPMN processes: parse, check, engine, diagram; versions, instances and timers.

Knows nothing of orders: what a task, a milestone or the end of an instance means is said by `config/wiring.py`.
"""

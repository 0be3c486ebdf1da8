"""The door: complaints over HTTP and a web form, for those who have no NATS client. It only submits."""

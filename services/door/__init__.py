"""Door: complaints over HTTP and a web form, for senders without a NATS client. It only submits."""

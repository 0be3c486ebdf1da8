"""Board of open complaints in a browser. It reads queries and the stream of facts; it changes nothing."""

"""The same thing reported more than once: suggested to reporters, merged by clerks."""

/// The embedded PostgreSQL: a real server as a child process on a folder of its own. It gives out connection
/// settings; pools, migrations and SQL are left to others.
@NullMarked
package dev.safelight.database;

import org.jspecify.annotations.NullMarked;

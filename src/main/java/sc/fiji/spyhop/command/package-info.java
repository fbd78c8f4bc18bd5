/**
 * Jobs as SciJava commands: the one declaration of what a user can ask for. Commands check their
 * settings, call the core and hand out the results; names of parameters are keys in users' macros
 * and do not change. Begin with {@link JobCommand}.
 */
package sc.fiji.spyhop.command;

/**
 * What ImageJ shows in its menus. Commands check their parameters, call the core and hand out the
 * results; names of parameters are keys in users' macros and do not change.
 */
package sc.fiji.spyhop.command;

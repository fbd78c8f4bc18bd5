/** What jars of others may bring: layers and losses, as SciJava plugins, asked for by name. */
package sc.fiji.spyhop.plugin;

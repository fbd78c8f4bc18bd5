/**
 * What jars of others may bring, as SciJava plugins asked for by name: how they are found, and
 * layers and losses. Other kinds of plugins are declared in the package of their thing.
 */
package sc.fiji.spyhop.plugin;

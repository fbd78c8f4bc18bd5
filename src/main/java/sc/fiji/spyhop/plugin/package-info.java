/**
 * How plugins are found that jars bring, ours and those of others, by their names. Each kind of
 * plugin is declared in the package of its thing.
 */
package sc.fiji.spyhop.plugin;

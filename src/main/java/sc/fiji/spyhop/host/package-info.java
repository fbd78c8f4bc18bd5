/**
 * Spyhop in plain ImageJ, where imagej-legacy is absent: the commands of {@code command} in the
 * Plugins menu, with dialogs made from their parameters, recorded and replayed with the keys and
 * values that Fiji uses. In Fiji nothing here runs.
 */
package sc.fiji.spyhop.host;

/**
 * The architecture of networks as data: layers, shapes, notation, presets, surgery. Begin with
 * {@link Network}, {@link Layer} and {@link NetworkBuilder}.
 */
package sc.fiji.spyhop.network;

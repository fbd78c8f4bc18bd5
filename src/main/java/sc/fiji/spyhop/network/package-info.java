/** The architecture of networks as data: layers, shapes, notation, presets, surgery. */
package sc.fiji.spyhop.network;

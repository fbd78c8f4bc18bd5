/** Models in the format of the bioimage.io Model Zoo. */
package sc.fiji.spyhop.exchange.bioimage;

/** Images out of networks. Begin with {@link ImageMaker}. */
package sc.fiji.spyhop.generate;

/** Images out of networks. */
package sc.fiji.spyhop.generate;

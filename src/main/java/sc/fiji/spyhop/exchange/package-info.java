/**
 * From files of other programs to models: the network by its format, class names, and how images
 * are prepared ({@link sc.fiji.spyhop.exchange.NetworkImport}).
 */
package sc.fiji.spyhop.exchange;

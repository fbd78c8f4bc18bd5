/**
 * From files of other programs to models: the network by its format, class names, and how images
 * are prepared ({@link sc.fiji.spyhop.model.imports.NetworkImport}).
 */
package sc.fiji.spyhop.model.imports;

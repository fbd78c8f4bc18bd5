/**
 * What is kept of a training: {@link sc.fiji.spyhop.model.Model}, a network with its weights and
 * with everything that has to be known to use it, in one file ({@link
 * sc.fiji.spyhop.model.ModelFile}) and found by name ({@link sc.fiji.spyhop.model.ModelRegistry}).
 */
package sc.fiji.spyhop.model;

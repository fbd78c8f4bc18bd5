/**
 * What networks are trained for: each task makes targets of the truth, says which losses it wants,
 * and turns the outputs of a network into predictions. Begin with {@link Task}.
 */
package sc.fiji.spyhop.task;

/** Arrays of floats with named axes. They need nothing but the JDK. Begin with {@link Tensor}. */
package sc.fiji.spyhop.tensor;

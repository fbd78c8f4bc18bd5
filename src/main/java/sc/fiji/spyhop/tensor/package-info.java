/** Arrays of floats with named axes. They need nothing but the JDK. */
package sc.fiji.spyhop.tensor;

/**
 * How fast engines are, beside each other and beside another program. Begin with {@link
 * Benchmarks}.
 */
package sc.fiji.spyhop.engine.benchmark;

/** How fast engines are, beside each other and beside another program. */
package sc.fiji.spyhop.engine.benchmark;

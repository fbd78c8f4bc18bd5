/**
 * Networks of Deeplearning4j, from its zip files and to them; read as data, without its classes.
 */
package sc.fiji.spyhop.exchange.dl4j;

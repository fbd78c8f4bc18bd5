/**
 * Maps of networks that are kept with what it takes to decode them again. Begin with {@link
 * KeptMaps}.
 */
package sc.fiji.spyhop.job.maps;

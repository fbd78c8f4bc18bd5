/** Maps of networks that are kept with what it takes to decode them again. */
package sc.fiji.spyhop.job.maps;

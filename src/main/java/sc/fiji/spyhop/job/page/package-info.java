/**
 * What a batch found, to be looked at: a page of pictures, and objects least sure first. Begin with
 * {@link ResultPage}.
 */
package sc.fiji.spyhop.job.page;

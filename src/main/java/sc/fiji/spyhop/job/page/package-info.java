/** A page of pictures of what a batch found, made of its tables and pictures. */
package sc.fiji.spyhop.job.page;

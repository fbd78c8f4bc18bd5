/**
 * Networks of Caffe: the architecture from a {@code .prototxt} in the text form of protocol
 * buffers, weights from a {@code .caffemodel}. Begin with {@link CaffeImport}.
 */
package sc.fiji.spyhop.exchange.caffe;

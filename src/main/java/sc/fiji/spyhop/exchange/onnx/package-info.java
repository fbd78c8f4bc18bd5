/**
 * Networks in the ONNX format (<a href="https://github.com/onnx/onnx/blob/main/docs/IR.md">Open
 * Neural Network Exchange, intermediate representation</a>): the data of a model as records, and
 * how networks become such models. Begin with {@link OnnxImport} and {@link OnnxExport}.
 */
package sc.fiji.spyhop.exchange.onnx;

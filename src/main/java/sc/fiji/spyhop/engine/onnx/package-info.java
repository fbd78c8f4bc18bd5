/**
 * The engine on ONNX Runtime, for prediction: networks become ONNX models in memory, and ONNX files
 * that are kept as they are run after a look at what they reach for. The only package that names
 * {@code ai.onnxruntime}. Begin with {@link OnnxEngine}.
 */
package sc.fiji.spyhop.engine.onnx;

/**
 * The engine on ONNX Runtime, for prediction: networks become ONNX models in memory. The only
 * package that names {@code ai.onnxruntime}.
 */
package sc.fiji.spyhop.engine.onnx;

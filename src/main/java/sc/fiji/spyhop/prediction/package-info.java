/**
 * What a network says and what an annotator says, in the same words: class scores, boxes,
 * keypoints, label maps, masks. Begin with {@link Segmentation} and {@link Annotation}.
 */
package sc.fiji.spyhop.prediction;

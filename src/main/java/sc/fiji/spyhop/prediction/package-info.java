/**
 * What a network says and what an annotator says, in the same words: class scores, boxes,
 * keypoints, label maps, masks.
 */
package sc.fiji.spyhop.prediction;

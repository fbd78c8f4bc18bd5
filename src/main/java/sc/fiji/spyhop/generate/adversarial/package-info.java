/**
 * Networks that learn to make images like those they are shown, against one that tells them apart.
 */
package sc.fiji.spyhop.generate.adversarial;

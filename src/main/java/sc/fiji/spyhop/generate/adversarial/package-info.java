/**
 * Networks that learn to make images like those they are shown, against one that tells them apart.
 * Begin with {@link AdversarialTraining}.
 */
package sc.fiji.spyhop.generate.adversarial;

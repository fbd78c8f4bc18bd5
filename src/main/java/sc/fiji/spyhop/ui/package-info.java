/** Windows that listen to a training; nothing waits for them. Begin with {@link TrainingView}. */
package sc.fiji.spyhop.ui;

/** Windows that listen to a training; nothing waits for them. */
package sc.fiji.spyhop.ui;

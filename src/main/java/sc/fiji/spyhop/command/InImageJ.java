package sc.fiji.spyhop.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A setting about open images or windows, or a key of earlier macros: no option of a shell. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface InImageJ {}

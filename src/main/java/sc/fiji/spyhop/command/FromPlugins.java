package sc.fiji.spyhop.command;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import sc.fiji.spyhop.plugin.Extension;

/** Of a setting with choices: plugins of this type are choices as well, by their names. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
@interface FromPlugins {
  Class<? extends Extension> value();
}

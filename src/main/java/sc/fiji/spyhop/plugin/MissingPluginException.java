package sc.fiji.spyhop.plugin;

import sc.fiji.spyhop.SpyhopException;

/** A plugin that something names is not there. The message says which, and what to do. */
public final class MissingPluginException extends SpyhopException {
  private static final long serialVersionUID = 1L;

  MissingPluginException(String message) {
    super(message);
  }
}

package sc.fiji.spyhop.ij;

import java.util.Locale;
import sc.fiji.spyhop.SpyhopException;

/**
 * Which channels of an image a network is shown. Nothing is picked or mixed unless asked for. As
 * text, what {@link #parse} reads.
 */
public sealed interface ChannelChoice {

  /** All channels, which must be as many as the network expects. */
  ChannelChoice AUTO = new Auto();

  /** One channel made of all: luminance of RGB (0.299 R + 0.587 G + 0.114 B), else the mean. */
  ChannelChoice GREY = new Grey();

  /** One of several channels, counted from 1. */
  static ChannelChoice channel(int number) {
    return new Single(number);
  }

  /**
   * Reads {@code "auto"}, {@code "grey"} or the number of a channel; case and blanks do not matter.
   *
   * @throws SpyhopException for anything else
   */
  static ChannelChoice parse(String text) {
    String word = text.strip().toLowerCase(Locale.ROOT);
    if (word.equals("auto") || word.isEmpty()) return AUTO;
    if (word.equals("grey") || word.equals("gray")) return GREY;
    if (word.matches("[0-9]{1,6}") && Integer.parseInt(word) > 0) {
      return channel(Integer.parseInt(word));
    }
    throw new SpyhopException(
        "Channel: expected \"auto\", \"grey\" or a number from 1, received \"" + text + "\".");
  }

  /** See {@link #AUTO}. */
  record Auto() implements ChannelChoice {
    @Override
    public String toString() {
      return "auto";
    }
  }

  /** See {@link #GREY}. */
  record Grey() implements ChannelChoice {
    @Override
    public String toString() {
      return "grey";
    }
  }

  /**
   * See {@link #channel}.
   *
   * @param number from 1
   */
  record Single(int number) implements ChannelChoice {
    /**
     * Throws a {@link SpyhopException} if the number is below 1; whether the image has it is looked
     * at later.
     */
    public Single {
      if (number < 1) {
        throw new SpyhopException("Channel: expected a number from 1, received " + number + ".");
      }
    }

    @Override
    public String toString() {
      return String.valueOf(number);
    }
  }
}

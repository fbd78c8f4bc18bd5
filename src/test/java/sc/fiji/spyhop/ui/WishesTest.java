package sc.fiji.spyhop.ui;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import sc.fiji.spyhop.Progress;

/** What the buttons of the training window lead to. */
class WishesTest {

  private final Wishes wishes = new Wishes();
  private final TrainingView view = new TrainingView(wishes, Optional.empty());
  private final Progress progress = view.progress(Progress.NONE);

  @Test
  void untilAButtonIsPressedTrainingGoesOn() {
    assertTrue(wishes.isOpen());
    assertFalse(progress.isCancelled());
    assertFalse(view.isStopped() || view.isDiscarded());
  }

  @Test
  void stopEndsItAndDiscardsNothing() {
    wishes.stop();
    assertTrue(progress.isCancelled());
    assertTrue(view.isStopped());
    assertFalse(view.isDiscarded());
    assertFalse(wishes.isOpen());
  }

  @Test
  void cancelThatIsAnsweredNoGoesOn() {
    wishes.cancel(() -> false);
    assertFalse(progress.isCancelled());
    assertTrue(wishes.isOpen(), "the buttons can be pressed again");
    wishes.stop();
    assertTrue(view.isStopped());
  }

  @Test
  void trainingGoesOnWhileCancelAsks() {
    wishes.cancel(
        () -> {
          assertFalse(progress.isCancelled());
          return true;
        });
    assertTrue(progress.isCancelled());
    assertTrue(view.isDiscarded());
  }

  @Test
  void theFirstWishCounts() {
    wishes.stop();
    wishes.cancel(() -> fail("nothing to ask any more"));
    assertTrue(view.isStopped());
    assertFalse(view.isDiscarded());
  }

  /** What has been trained by the time that the question is answered is not thrown away. */
  @Test
  void anAnswerAfterTheEndComesTooLate() {
    wishes.cancel(
        () -> {
          view.close();
          return true;
        });
    assertFalse(view.isDiscarded());
    wishes.stop();
    assertFalse(view.isStopped());
  }

  @Test
  void whatElseCancelsIsHeard() {
    Progress other =
        new Progress() {
          @Override
          public void update(String message, long done, long total) {}

          @Override
          public boolean isCancelled() {
            return true;
          }
        };
    assertTrue(view.progress(other).isCancelled());
    assertFalse(view.isStopped() || view.isDiscarded());
  }
}

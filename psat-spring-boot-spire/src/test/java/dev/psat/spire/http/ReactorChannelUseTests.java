package dev.psat.spire.http;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import reactor.netty.Connection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorChannelUse}.
 */
class ReactorChannelUseTests {

	private static final int ROUNDS = 20_000;

	@Test
	void channelIsGoodForFurtherCallsUntilItIsRetired() {
		Channel channel = channel();
		assertThat(pooled(channel).isPersistent()).isTrue();
		ReactorChannelUse.INSTANCE.retire(channel);
		assertThat(pooled(channel).isPersistent()).isFalse();
	}

	@Test
	void poolThatLooksMeanwhileSeesNoHalfAnswer() throws Exception {
		CyclicBarrier both = new CyclicBarrier(2);
		Channel[] channels = new Channel[ROUNDS];
		for (int i = 0; i < ROUNDS; i++) {
			channels[i] = channel();
		}
		CompletableFuture<Void> pool = CompletableFuture.runAsync(() -> {
			for (Channel channel : channels) {
				meet(both);
				while (pooled(channel).isPersistent()) {
					Thread.onSpinWait();
				}
			}
		});
		CompletableFuture<Void> retirement = CompletableFuture.runAsync(() -> {
			for (Channel channel : channels) {
				meet(both);
				ReactorChannelUse.INSTANCE.retire(channel);
			}
		});
		pool.whenComplete((done, failure) -> both.reset());
		CompletableFuture.allOf(pool, retirement).get();
	}

	private static void meet(CyclicBarrier both) {
		try {
			both.await();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static Channel channel() {
		EmbeddedChannel channel = new EmbeddedChannel();
		ReactorChannelUse.INSTANCE.begin(channel);
		return channel;
	}

	private static Connection pooled(Channel channel) {
		return () -> channel;
	}

}

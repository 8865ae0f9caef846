package dev.psat.spire.http;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
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

	/**
	 * A call that is about to open a stream gets another connection then, but only once.
	 */
	@Test
	void poolsOfHttp2DoNotGiveUpAllConnectionsAtTheSameMoment() {
		List<EmbeddedChannel> channels = Stream
			.generate(() -> new EmbeddedChannel(Http2FrameCodecBuilder.forClient().build()))
			.limit(100)
			.toList();
		// a busy machine would pass time of its own
		channels.forEach(EmbeddedChannel::freezeTime);
		channels.forEach(ReactorChannelUse.INSTANCE::retire);
		assertThat(givenUp(channels, ReactorChannelUse.BEGINNING.minusMillis(1))).isZero();
		Duration half = ReactorChannelUse.SPREAD.dividedBy(2).plusMillis(10);
		assertThat(givenUp(channels, half)).isBetween(1L, 99L);
		assertThat(givenUp(channels, half)).isEqualTo(100);
		channels.forEach((channel) -> advance(channel, ReactorChannelUse.OPENING));
		assertThat(channels).noneMatch(Channel::isOpen);
	}

	private static long givenUp(List<EmbeddedChannel> channels, Duration after) {
		return channels.stream().filter((channel) -> {
			advance(channel, after);
			return channel.pipeline().get(Http2ConnectionHandler.class).connection().goAwayReceived();
		}).count();
	}

	private static void advance(EmbeddedChannel channel, Duration duration) {
		channel.advanceTimeBy(duration.toMillis(), TimeUnit.MILLISECONDS);
		channel.runPendingTasks();
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

package dev.psat.spire.grpc;

import java.util.concurrent.TimeUnit;

import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link GrpcNettyCredentials}.
 */
class GrpcNettyCredentialsTests {

	private static final byte[] SETTINGS = { 0, 0, 0, 4, 0, 0, 0, 0, 0 };

	private final EmbeddedChannel channel = new EmbeddedChannel(
			new Http2ConnectionHandlerBuilder().server(false).frameListener(new Http2FrameAdapter()).build());

	@Test
	void channelOnWhichHttp2HasBegunIsRetiredAtOnce() {
		begin();
		GrpcNettyCredentials.retire(this.channel);
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void channelThatIsNotReadyYetIsRetiredOnceItIs() {
		GrpcNettyCredentials.retire(this.channel);
		pass();
		assertThat(this.channel.isOpen()).isTrue();
		begin();
		pass();
		assertThat(this.channel.isOpen()).isFalse();
	}

	@Test
	void channelThatIsClosedIsLookedAtNoMore() {
		GrpcNettyCredentials.retire(this.channel);
		this.channel.close();
		pass();
		assertThat(this.channel.runScheduledPendingTasks()).isEqualTo(-1);
	}

	private void begin() {
		this.channel.writeInbound(Unpooled.wrappedBuffer(SETTINGS));
	}

	private void pass() {
		this.channel.advanceTimeBy(1, TimeUnit.SECONDS);
		this.channel.runScheduledPendingTasks();
	}

}

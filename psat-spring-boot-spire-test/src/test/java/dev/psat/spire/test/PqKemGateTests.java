package dev.psat.spire.test;

import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PqKemGate}.
 */
class PqKemGateTests {

	private static final String X25519 = "001d";

	private final AtomicInteger refused = new AtomicInteger();

	private final EmbeddedChannel channel = new EmbeddedChannel(new PqKemGate(this.refused::incrementAndGet));

	@ParameterizedTest
	@ValueSource(strings = { "11eb", "11ec", "11ed" })
	void clientThatOffersMlKemIsLetThrough(String group) {
		byte[] hello = hello(group);
		this.channel.writeInbound(Unpooled.wrappedBuffer(hello));
		assertThat(received()).isEqualTo(hello);
		assertThat(this.channel.<ByteBuf>readOutbound()).isNull();
		assertThat(this.refused).hasValue(0);
		this.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] { 1, 2 }));
		assertThat(received()).containsExactly(1, 2);
	}

	@Test
	void clientThatOffersMlKemByteByByteIsLetThrough() {
		byte[] hello = hello("11ec");
		for (byte each : hello) {
			this.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] { each }));
		}
		assertThat(received()).isEqualTo(hello);
		assertThat(this.refused).hasValue(0);
	}

	@Test
	void otherClientGetsAnAlertAndNothingElse() {
		this.channel.writeInbound(Unpooled.wrappedBuffer(hello(X25519)));
		this.channel.writeInbound(Unpooled.wrappedBuffer(new byte[] { 1, 2 }));
		assertThat(ByteBufUtil.getBytes(this.channel.<ByteBuf>readOutbound())).containsExactly(21, 3, 3, 0, 2, 2, 40);
		assertThat(received()).isEmpty();
		assertThat(this.refused).hasValue(1);
	}

	private byte[] received() {
		ByteBuf all = Unpooled.buffer();
		for (ByteBuf each = this.channel.readInbound(); each != null; each = this.channel.readInbound()) {
			all.writeBytes(each);
		}
		return ByteBufUtil.getBytes(all);
	}

	/**
	 * Return a {@code ClientHello} with two extensions, the second of which offers two
	 * groups.
	 */
	private static byte[] hello(String group) {
		String extensions = "002d00020101" + "000a00060004" + "0017" + group;
		String content = "0303" + "00".repeat(32) + "00" + "00021301" + "0100" + length(extensions) + extensions;
		String message = "0100" + length(content) + content;
		return HexFormat.of().parseHex("160301" + length(message) + message);
	}

	private static String length(String hex) {
		return HexFormat.of().toHexDigits((short) (hex.length() / 2));
	}

}

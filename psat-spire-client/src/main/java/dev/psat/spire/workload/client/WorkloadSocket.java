package dev.psat.spire.workload.client;

import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

import dev.psat.spire.wire.internal.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * Never blocks but waits at a selector: until a deadline, until another thread closes the
 * socket, or until the thread is interrupted, which would close a channel that blocks.
 */
final class WorkloadSocket implements AutoCloseable {

	private static final long FIRST_PAUSE = 5;

	private static final long LONGEST_PAUSE = 100;

	/** JDK 17 may not wake a selector whose thread is interrupted as its wait begins. */
	private static final long LONGEST_WAIT = 10_000;

	private @Nullable Selector selector;

	private @Nullable SocketChannel channel;

	private boolean closed;

	/** Again and again while the queue of the other side is full. */
	boolean connect(WorkloadEndpoint endpoint, Deadline deadline) throws IOException {
		SocketAddress address = endpoint.socketAddress();
		for (long pause = FIRST_PAUSE;; pause = Math.min(2 * pause, LONGEST_PAUSE)) {
			SocketChannel channel = open(address instanceof UnixDomainSocketAddress);
			try {
				if (channel.connect(address)) {
					return true;
				}
				if (!(address instanceof UnixDomainSocketAddress)) {
					return finishConnect(channel, deadline);
				}
			}
			catch (BindException | ConnectException ex) {
				throw ex;
			}
			catch (SocketException ex) {
				// for a full queue there is no type, and the text depends on the language
				if (deadline.isPassed() || !SocketFinding.isSocket(endpoint)) {
					throw ex;
				}
			}
			channel.close();
			select(deadline, pause);
		}
	}

	private boolean finishConnect(SocketChannel channel, Deadline deadline) throws IOException {
		while (!channel.finishConnect()) {
			if (deadline.isPassed()) {
				return false;
			}
			await(SelectionKey.OP_CONNECT, deadline);
		}
		channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
		channel.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
		return true;
	}

	private synchronized SocketChannel open(boolean unix) throws IOException {
		checkOpen();
		if (this.selector == null) {
			this.selector = Selector.open();
		}
		SocketChannel channel = unix ? SocketChannel.open(StandardProtocolFamily.UNIX) : SocketChannel.open();
		this.channel = channel;
		channel.configureBlocking(false);
		return channel;
	}

	private synchronized Selector selector() throws IOException {
		if (this.selector == null) {
			throw new ClosedChannelException();
		}
		return this.selector;
	}

	private synchronized SocketChannel channel() throws IOException {
		if (this.channel == null) {
			throw new ClosedChannelException();
		}
		return this.channel;
	}

	int read(ByteBuffer target) throws IOException {
		return channel().read(target);
	}

	void write(ByteBuffer source) throws IOException {
		channel().write(source);
	}

	/** Wait until an operation is possible, or for no reason. */
	void await(int operations, Deadline deadline) throws IOException {
		try {
			channel().register(selector(), operations);
		}
		catch (ClosedSelectorException | CancelledKeyException ex) {
			throw new ClosedChannelException();
		}
		select(deadline, LONGEST_WAIT);
	}

	private void select(Deadline deadline, long longestMillis) throws IOException {
		try {
			deadline.select(selector(), longestMillis);
			selector().selectedKeys().clear();
		}
		catch (ClosedSelectorException ex) {
			throw new ClosedChannelException();
		}
		check();
	}

	void check() throws ClosedChannelException {
		checkOpen();
		if (Thread.currentThread().isInterrupted()) {
			throw new WorkloadException(WorkloadFailureReason.CANCELLED, "The calling thread was interrupted");
		}
	}

	private synchronized void checkOpen() throws ClosedChannelException {
		if (this.closed) {
			throw new ClosedChannelException();
		}
	}

	@Override
	public void close() {
		Channel channel;
		Selector selector;
		synchronized (this) {
			this.closed = true;
			channel = this.channel;
			selector = this.selector;
		}
		try {
			close(channel);
		}
		finally {
			// releases what the channel could not, since it is registered
			close(selector);
		}
	}

	private static void close(@Nullable AutoCloseable resource) {
		try {
			if (resource != null) {
				resource.close();
			}
		}
		catch (Exception ex) {
			// nothing is lost that anybody wants
		}
	}

}

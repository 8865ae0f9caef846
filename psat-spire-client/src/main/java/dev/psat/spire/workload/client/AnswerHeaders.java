package dev.psat.spire.workload.client;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.regex.Pattern;

import dev.psat.spiffe.internal.Quoted;
import dev.psat.spire.wire.internal.GrpcStatus;
import dev.psat.spire.workload.client.HeaderTable.Header;
import org.jspecify.annotations.Nullable;

/** Headers and trailers, which are one where there is nothing between them. */
final class AnswerHeaders {

	private static final Pattern CONTENT_TYPE = Pattern.compile("application/grpc(?:[+;].*)?");

	private static final Pattern HTTP_STATUS = Pattern.compile("[1-9][0-9][0-9]");

	private static final String STATUS = ":status";

	private static final int MAX_BLOCK_LENGTH = HpackDecoder.MAX_LIST_SIZE;

	private final HpackDecoder decoder = new HpackDecoder(new HeaderTable());

	private final ByteArrayOutputStream block = new ByteArrayOutputStream();

	private boolean withinBlock;

	private boolean lastBlock;

	private boolean received;

	private boolean ended;

	private @Nullable GrpcStatus status;

	void beginBlock(boolean last) {
		this.withinBlock = true;
		this.lastBlock = last;
	}

	void continueBlock(ByteBuffer payload, boolean whole) {
		if (!this.withinBlock) {
			throw new WorkloadCall.MalformedAnswerException("Headers are continued that have not begun");
		}
		if (payload.remaining() > MAX_BLOCK_LENGTH - this.block.size()) {
			throw new WorkloadCall.MalformedAnswerException(
					"The headers are larger than %d bytes".formatted(MAX_BLOCK_LENGTH));
		}
		byte[] part = new byte[payload.remaining()];
		payload.get(part);
		this.block.writeBytes(part);
		if (whole) {
			List<Header> headers = this.decoder.decode(this.block.toByteArray());
			this.block.reset();
			this.withinBlock = false;
			add(headers, this.lastBlock);
			this.ended = this.lastBlock || this.status != null && !this.status.isOk();
		}
	}

	private void add(List<Header> headers, boolean last) {
		if (this.received && !last) {
			throw new WorkloadCall.MalformedAnswerException("Its answer has headers between messages");
		}
		checkFields(headers);
		if (this.received) {
			this.status = status(headers);
			return;
		}
		String httpStatus = first(headers, STATUS);
		if (httpStatus == null || !HTTP_STATUS.matcher(httpStatus).matches()) {
			throw new WorkloadCall.MalformedAnswerException("Its answer has no HTTP status");
		}
		if (httpStatus.charAt(0) == '1') {
			if (last) {
				throw new WorkloadCall.MalformedAnswerException("Its answer ends before it begins");
			}
			return;
		}
		this.received = true;
		this.status = status(headers);
		// a status of gRPC says more than one of HTTP
		if (this.status == null) {
			checkResponse(httpStatus, headers);
		}
	}

	/** RFC 9113, 8.2 and 8.3: the HTTP status comes first, once and not in trailers. */
	private void checkFields(List<Header> headers) {
		for (int i = 0; i < headers.size(); i++) {
			Header header = headers.get(i);
			boolean isStatus = i == 0 && !this.received && header.name().equals(STATUS);
			if (!isStatus && !isName(header.name()) || !isValue(header.value())) {
				throw new WorkloadCall.MalformedAnswerException("Its answer has a header that cannot be");
			}
		}
	}

	private static boolean isName(String name) {
		return !name.isEmpty() && name.chars()
			.noneMatch((character) -> character <= ' ' || character >= 0x7f || character == ':'
					|| character >= 'A' && character <= 'Z');
	}

	private static boolean isValue(String value) {
		return value.chars().noneMatch((character) -> character == 0 || character == '\r' || character == '\n');
	}

	private static void checkResponse(String httpStatus, List<Header> headers) {
		if (!httpStatus.equals("200")) {
			throw new WorkloadCall.MalformedAnswerException("It answers with the HTTP status " + httpStatus);
		}
		String contentType = first(headers, "content-type");
		if (contentType == null || !CONTENT_TYPE.matcher(contentType).matches()) {
			throw new WorkloadCall.MalformedAnswerException("The content type of its answer is "
					+ ((contentType != null) ? Quoted.text(contentType) : "missing"));
		}
	}

	private static @Nullable GrpcStatus status(List<Header> headers) {
		return GrpcStatus.of((name) -> first(headers, name), WorkloadCall.MalformedAnswerException::new);
	}

	private static @Nullable String first(List<Header> headers, String name) {
		return headers.stream()
			.filter((header) -> header.name().equals(name))
			.map(Header::value)
			.findFirst()
			.orElse(null);
	}

	boolean isReceived() {
		return this.received;
	}

	boolean isWithinBlock() {
		return this.withinBlock;
	}

	boolean isEnded() {
		return this.ended;
	}

	void checkStatus() throws GrpcStatus.NotOkException {
		if (this.status == null) {
			throw new WorkloadCall.MalformedAnswerException("Its answer ends without a status");
		}
		this.status.check();
	}

}

package dev.psat.spire.workload.client;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** RFC 7541, appendix A, then what the other side refers to, the newest first. */
final class HeaderTable {

	/** The size in which a connection begins, which our settings do not change. */
	static final int MAX_SIZE = 4096;

	private static final List<Header> STATIC = """
			:authority
			:method GET
			:method POST
			:path /
			:path /index.html
			:scheme http
			:scheme https
			:status 200
			:status 204
			:status 206
			:status 304
			:status 400
			:status 404
			:status 500
			accept-charset
			accept-encoding gzip, deflate
			accept-language
			accept-ranges
			accept
			access-control-allow-origin
			age
			allow
			authorization
			cache-control
			content-disposition
			content-encoding
			content-language
			content-length
			content-location
			content-range
			content-type
			cookie
			date
			etag
			expect
			expires
			from
			host
			if-match
			if-modified-since
			if-none-match
			if-range
			if-unmodified-since
			last-modified
			link
			location
			max-forwards
			proxy-authenticate
			proxy-authorization
			range
			referer
			refresh
			retry-after
			server
			set-cookie
			strict-transport-security
			transfer-encoding
			user-agent
			vary
			via
			www-authenticate
			""".lines().map(HeaderTable::header).toList();

	private final Deque<Header> dynamic = new ArrayDeque<>();

	private int maxSize = MAX_SIZE;

	private int size;

	private static Header header(String line) {
		int space = line.indexOf(' ');
		return (space < 0) ? new Header(line, "") : new Header(line.substring(0, space), line.substring(space + 1));
	}

	Header get(int index) {
		if (index < 1 || index > STATIC.size() + this.dynamic.size()) {
			throw new WorkloadCall.MalformedAnswerException("A header refers to none");
		}
		if (index <= STATIC.size()) {
			return STATIC.get(index - 1);
		}
		return this.dynamic.stream().skip(index - STATIC.size() - 1).findFirst().orElseThrow();
	}

	/** Add a field. One that is larger than the table leaves it empty. */
	void add(Header header) {
		this.dynamic.addFirst(header);
		this.size += header.size();
		evict();
	}

	void resize(int maxSize) {
		if (maxSize > MAX_SIZE) {
			throw new WorkloadCall.MalformedAnswerException("The table of headers is to be larger than was offered");
		}
		this.maxSize = maxSize;
		evict();
	}

	private void evict() {
		while (this.size > this.maxSize) {
			this.size -= this.dynamic.removeLast().size();
		}
	}

	List<Header> dynamic() {
		return new ArrayList<>(this.dynamic);
	}

	int size() {
		return this.size;
	}

	record Header(String name, String value) {

		private static final int OVERHEAD = 32;

		/** RFC 7541, section 4.1. */
		int size() {
			return this.name.length() + this.value.length() + OVERHEAD;
		}

	}

}

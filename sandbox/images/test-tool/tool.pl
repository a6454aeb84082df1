#!/usr/bin/perl
# An HTTP server on port 8888 of the loopback that does what tests ask for:
#   GET  /api          a version
#   GET  /env          the process's environment, a line each
#   GET  /headers      the request as it arrived
#   GET  /bytes/N      N bytes
#   POST /echo         the body
#   POST /cpu/S        computes for S seconds
#   POST /memory/M     takes M MiB and keeps them
#   POST /fork         forks until it cannot any more; the processes stay for a minute
#   POST /chatter      begins to write 100 KB a second to its output, for ever
#   GET  /chatter      how many lines of that it has written
#   POST /exit/C       ends the whole tool with exit code C
#   any  with Upgrade  101, then every byte comes back; of /headers the request as it arrived first
use strict;
use warnings;
use IO::Socket::INET;

my $parent = $$;
$SIG{TERM} = sub { exit 0 };
$SIG{USR1} = sub { open my $file, '<', "/tmp/exit-code"; exit(<$file> + 0) };
$SIG{CHLD} = 'IGNORE';

my $server = IO::Socket::INET->new(
    LocalAddr => '127.0.0.1', LocalPort => 8888, Listen => 128, ReuseAddr => 1,
) or die "cannot listen: $!";
print STDERR "test-tool listens\n";

while (1) {
    my $client = $server->accept or next;
    my $child = fork;
    if (!defined $child) { print STDERR "cannot fork: $!\n" }
    elsif ($child == 0) {
        $SIG{TERM} = 'DEFAULT';
        while (serve($client)) { }
        exit 0;
    }
    close $client;
}

# Answers one request; false when the connection is to be closed.
sub serve {
    my ($client) = @_;
    my ($head, $line) = ('');
    while (defined($line = <$client>)) {
        $head .= $line;
        last if $line =~ /^\r?\n$/;
    }
    my ($method, $path) = $head =~ m{^(\w+) (\S+) HTTP/1} or return 0;
    if ($head =~ /^Upgrade: *(\S+)/mi) {
        print $client "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: $1\r\n\r\n";
        print $client $head if $path eq '/headers';
        $client->flush;
        my $bytes;
        while (sysread $client, $bytes, 65536) { syswrite $client, $bytes or last }
        return 0;
    }
    my $body = '';
    if ($head =~ /^Content-Length: *(\d+)/mi) { read $client, $body, $1 }
    elsif ($head =~ /^Transfer-Encoding: *chunked/mi) { $body = chunks($client) }

    my ($status, $answer) = answer("$method $path", $head, $body);
    my $length = length $answer;
    print $client "HTTP/1.1 $status\r\nContent-Type: text/plain\r\nContent-Length: $length\r\n\r\n$answer";
    $client->flush;
    return $head !~ /^Connection: *close/mi;
}

sub chunks {
    my ($client) = @_;
    my $body = '';
    while (defined(my $size = <$client>)) {
        my $length = hex $size;
        read $client, my $chunk, $length if $length;
        $body .= $chunk if $length;
        <$client>;
        last if !$length;
    }
    return $body;
}

sub answer {
    my ($request, $head, $body) = @_;
    return ('200 OK', '{"version":"test"}') if $request eq 'GET /api';
    return ('200 OK', join '', map { "$_=$ENV{$_}\n" } sort keys %ENV) if $request eq 'GET /env';
    return ('200 OK', $head) if $request =~ m{^GET /headers};
    return ('200 OK', 'x' x $1) if $request =~ m{^GET /bytes/(\d+)$};
    return ('200 OK', $body) if $request eq 'POST /echo';
    if ($request =~ m{^POST /cpu/(\d+)$}) {
        my $end = time + $1;
        1 while time < $end;
        return ('200 OK', "computed\n");
    }
    if ($request =~ m{^POST /memory/(\d+)$}) {
        my $kept = 'x' x ($1 << 20);
        sleep 3600;
        return ('200 OK', length($kept) . "\n");
    }
    if ($request eq 'POST /fork') {
        my $count = 0;
        while (defined(my $child = fork)) {
            if (!$child) { sleep 60; exit 0 }
            last if ++$count >= 20000;
        }
        return ('200 OK', "$count processes, then: $!\n");
    }
    return ('200 OK', chatter()) if $request eq 'POST /chatter';
    if ($request eq 'GET /chatter') {
        open my $file, '<', '/tmp/chatter' or return ('404 Not Found', "it does not chatter\n");
        return ('200 OK', -s $file);
    }
    if ($request =~ m{^POST /exit/(\d+)$}) {
        open my $file, '>', '/tmp/exit-code' or return ('500 Internal Server Error', "$!\n");
        print $file $1;
        close $file;
        kill 'USR1', $parent;
        return ('200 OK', "ends\n");
    }
    return ('404 Not Found', "no such path\n");
}

# Each line that was written is counted by a byte in a file.
sub chatter {
    my $child = fork;
    return "cannot fork: $!\n" if !defined $child;
    return "chatters\n" if $child;
    open my $file, '>', '/tmp/chatter' or exit 1;
    while (syswrite STDERR, 'x' x 1023 . "\n") {
        syswrite $file, '.';
        select undef, undef, undef, 0.01;
    }
    exit 0;
}

# Closes the host, private networks and the metadata service to workloads, whose bridges are called atl*.
# Arguments: what an administrator allows all the same, as RANGE or RANGE:PORT.
# Exit code 3: Docker's own rules are not here, so this is not the host's network, or Docker sets none.
set -eu
PATH=$PATH:/usr/sbin:/sbin

if ! iptables -w 5 -n -L DOCKER-USER >/dev/null 2>&1; then
    echo "iptables knows no chain DOCKER-USER here; does dockerd run with --iptables=false?" >&2
    exit 3
fi

# Containers send the questions of Docker's own resolver from their address to the host's name servers.
name_servers() {
    cat /etc/resolv.conf /run/systemd/resolve/resolv.conf 2>/dev/null |
        sed -n 's/^nameserver[[:space:]][[:space:]]*\([0-9][0-9.]*\)[[:space:]]*$/\1:53/p' |
        grep -v '^127\.' | sort -u || true
}

# What chain $1 lets pass; the other arguments are RANGE or RANGE:PORT.
exceptions() {
    chain=$1
    shift
    echo "-A $chain ! -i atl+ -j RETURN"
    echo "-A $chain -m conntrack --ctstate ESTABLISHED,RELATED -j RETURN"
    for entry in "$@"; do
        case $entry in
        *:*)
            echo "-A $chain -d ${entry%:*} -p tcp --dport ${entry#*:} -j RETURN"
            echo "-A $chain -d ${entry%:*} -p udp --dport ${entry#*:} -j RETURN"
            ;;
        *) echo "-A $chain -d $entry -j RETURN" ;;
        esac
    done
}

# Makes $3 the first rule of chain $2 in $1.
hook() {
    if [ "$("$1" -w 5 -S "$2" 1)" = "-A $2 -j $3" ]; then return; fi
    while "$1" -w 5 -D "$2" -j "$3" 2>/dev/null; do :; done
    "$1" -w 5 -I "$2" 1 -j "$3"
}

# Word splitting is meant: one argument per name server.
set -- "$@" $(name_servers)

# One transaction: a chain is emptied and filled without a moment in between.
{
    echo "*filter"
    echo ":ATELIER-FORWARD - [0:0]"
    echo ":ATELIER-INPUT - [0:0]"
    exceptions ATELIER-FORWARD "$@"
    for range in 0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 \
        192.0.0.0/24 192.168.0.0/16 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4; do
        echo "-A ATELIER-FORWARD -d $range -j DROP"
    done
    exceptions ATELIER-INPUT "$@"
    echo "-A ATELIER-INPUT -j DROP"
    echo "COMMIT"
} | iptables-restore -w 5 --noflush
hook iptables DOCKER-USER ATELIER-FORWARD
hook iptables INPUT ATELIER-INPUT

# Workloads have no IPv6 address; this holds even if one gets itself one.
if [ -e /proc/net/if_inet6 ] && command -v ip6tables >/dev/null; then
    {
        echo "*filter"
        echo ":ATELIER-FORWARD - [0:0]"
        echo ":ATELIER-INPUT - [0:0]"
        echo "-A ATELIER-FORWARD -i atl+ -j DROP"
        echo "-A ATELIER-INPUT -i atl+ -j DROP"
        echo "COMMIT"
    } | ip6tables-restore -w 5 --noflush
    hook ip6tables FORWARD ATELIER-FORWARD
    hook ip6tables INPUT ATELIER-INPUT
fi

/* Repeated prisoner's dilemmas as one would write them by hand: table-driven automata, every chance drawn by
   itself with xoshiro256++, payoffs added up as play goes on. Prints what a round paid, and rounds per second.

   matches dilemma MATCHES ROUNDS CONTINUATION   tit-for-tat against win-stay-lose-shift, trembles of .05
   matches ladder MATCHES ROUNDS CONTINUATION    both comply, trembles of .05, findings, three fines

   With CONTINUATION 1 every match has ROUNDS rounds; else it ends by chance, at the latest then. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef struct { uint64_t a, b, c, d; } generator;

static inline uint64_t turned(uint64_t x, int k) { return (x << k) | (x >> (64 - k)); }

static inline uint64_t drawn(generator *g) {
    uint64_t bits = turned(g->a + g->d, 23) + g->a, t = g->b << 17;
    g->c ^= g->a; g->d ^= g->b; g->b ^= g->c; g->a ^= g->d; g->c ^= t; g->d = turned(g->d, 45);
    return bits;
}

static uint64_t mixed(uint64_t z) {
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

static uint64_t below(double chance) { return chance >= 1 ? UINT64_MAX : (uint64_t)(chance * 0x1p64); }

static const double MATERIAL[2][2] = {{3, 0}, {5, 1}};

typedef struct { int start; int action[2]; int next[2][2][2]; } automaton; /* next: state, own deed, other's */

static const automaton TIT_FOR_TAT = {0, {0, 1}, {{{0, 1}, {0, 1}}, {{0, 1}, {0, 1}}}};
static const automaton WIN_STAY = {0, {0, 1}, {{{0, 1}, {1, 0}}, {{0, 1}, {1, 0}}}};

static double dilemma(generator g, long rounds, uint64_t on, double *paid) {
    const automaton *one = &TIT_FOR_TAT, *two = &WIN_STAY;
    const uint64_t slip = below(.05);
    double first = 0, second = 0;
    int q = one->start, w = two->start;
    long t = 0;
    do {
        int a = one->action[q] ^ (drawn(&g) < slip), b = two->action[w] ^ (drawn(&g) < slip);
        first += MATERIAL[a][b];
        second += MATERIAL[b][a];
        q = one->next[q][a][b];
        w = two->next[w][b][a];
        t++;
    } while (t < rounds && (on == UINT64_MAX || drawn(&g) < on));
    paid[0] += first;
    paid[1] += second;
    return t;
}

static double ladder(generator g, long rounds, uint64_t on, double *paid) {
    static const double FINES[3] = {1, 2, 4};
    const uint64_t slip = below(.05), offence[2] = {below(.05), below(.9)}, forgiven = below(.3);
    double sums[2] = {0, 0}, fines[2] = {0, 0}, watching = 0, acting = 0;
    int level[2] = {0, 0};
    long t = 0;
    do {
        int deed[2];
        for (int i = 0; i < 2; i++) deed[i] = drawn(&g) < slip; /* comply: cooperate in every state */
        for (int i = 0; i < 2; i++) sums[i] += MATERIAL[deed[i]][deed[1 - i]];
        watching += .1;
        for (int i = 0; i < 2; i++) {
            if (drawn(&g) < offence[deed[i]]) {
                fines[i] += FINES[level[i]];
                acting += .2;
                if (level[i] < 2) level[i]++;
            } else if (drawn(&g) < forgiven && level[i] > 0) level[i]--;
        }
        t++;
    } while (t < rounds && (on == UINT64_MAX || drawn(&g) < on));
    for (int i = 0; i < 2; i++) paid[i] += sums[i] - fines[i] - watching - acting / 2;
    return t;
}

int main(int count, char **words) {
    if (count < 5) return 1;
    double (*match)(generator, long, uint64_t, double *) = strcmp(words[1], "ladder") ? dilemma : ladder;
    long matches = atol(words[2]), rounds = atol(words[3]);
    uint64_t on = below(atof(words[4]));
    double paid[2] = {0, 0}, played = 0, best = 1e300;
    for (int k = 0; k < 5; k++) {
        struct timespec begun, done;
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &begun);
        played = paid[0] = paid[1] = 0;
        for (long m = 0; m < matches; m++) {
            uint64_t s = 0x9E3779B97F4A7C15ULL;
            generator g = {mixed(s * (4 * m + 1)), mixed(s * (4 * m + 2)), mixed(s * (4 * m + 3)), mixed(s * (4 * m + 4))};
            played += match(g, rounds, on, paid);
        }
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &done);
        double seconds = done.tv_sec - begun.tv_sec + 1e-9 * (done.tv_nsec - begun.tv_nsec);
        if (seconds < best) best = seconds;
    }
    printf("%.17g %.17g %.17g\n", paid[0] / played, paid[1] / played, played / best);
    return 0;
}
